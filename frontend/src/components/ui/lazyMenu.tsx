import {
  cloneElement,
  type ComponentProps,
  type ComponentType,
  lazy,
  type ReactElement,
  Suspense,
  useState,
} from 'react';

import { showToast } from './toasts';

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<ComponentProps<'button'>>;
}

/**
 * A menu whose code is loaded when the pointer or the focus comes to its button. Until it is opened there is nothing but the
 * button: a list of a hundred rows has a hundred menus, of which one or none is used.
 */
export function lazyMenu<Props extends MenuProps>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const Loaded = lazy(load);
  const prepare = () => void load().catch(() => undefined);

  return function LazyMenu(props: Props) {
    const [opened, setOpened] = useState(false);
    const open = () => {
      load().then(
        () => setOpened(true),
        () =>
          showToast({ tone: 'error', text: 'The menu could not be loaded. Try again when the server can be reached.' }),
      );
    };
    const button = cloneElement(props.trigger, {
      'aria-haspopup': 'menu',
      'aria-expanded': false,
      onPointerEnter: prepare,
      onFocus: prepare,
      onClick: open,
    });
    return opened ? (
      <Suspense fallback={button}>
        <Loaded {...props} />
      </Suspense>
    ) : (
      button
    );
  };
}
