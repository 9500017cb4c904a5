import { Component, type ReactNode } from 'react';

import { PageError } from './PageError';

interface ErrorBoundaryProps {
  /** Names what is shown: something else gets a new chance. */
  of: string;
  children: ReactNode;
}

interface ErrorBoundaryState {
  failed: boolean;
  of: string;
}

/** Keeps a page that cannot be drawn, or whose code cannot be loaded, from taking the rest with it. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override readonly state: ErrorBoundaryState = { failed: false, of: this.props.of };

  static getDerivedStateFromError(): Partial<ErrorBoundaryState> {
    return { failed: true };
  }

  static getDerivedStateFromProps({ of }: ErrorBoundaryProps, state: ErrorBoundaryState): ErrorBoundaryState | null {
    return of === state.of ? null : { failed: false, of };
  }

  override render() {
    return this.state.failed ? <PageError /> : this.props.children;
  }
}
