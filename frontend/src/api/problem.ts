import type { Problem } from './types';

/** The one error that a request fails with; `problem.detail` is a sentence for the person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The stable name of the kind: the last segment of `type`. */
  get code(): string {
    return problemCode(this.problem);
  }
}

/** The stable name of a problem's kind: `/problems/not-found` is `not-found`. */
export function problemCode(problem: Problem): string {
  return problem.type.slice(problem.type.lastIndexOf('/') + 1);
}

/** Whether a value is a problem document (RFC 9457) as the server writes it. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'detail' in value &&
    typeof value.detail === 'string'
  );
}

/** A problem that arose in the browser; its kinds are not among the server's. */
export function localProblem(code: 'network' | 'timeout' | 'unreadable' | 'unexpected', detail: string): Problem {
  return { type: `/problems/local/${code}`, title: 'The request did not succeed', status: 0, detail };
}

/** The problem inside whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) {
    return error.problem;
  }
  return localProblem('unexpected', 'Something unexpected happened in the page. Reload it and try again.');
}

/** What to show a person: the sentence, then what is wrong field by field unless the sentence already says it. */
export function problemSentences(problem: Problem): string[] {
  const fields = (problem.errors ?? []).filter(({ reason }) => !problem.detail.includes(reason));
  return [problem.detail, ...fields.map(({ field, reason }) => `${fieldName(field)} ${reason}.`)];
}

const FIELD_NAMES: Record<string, string> = {
  content: 'The message',
  title: 'The title',
  model: 'The model',
  instructions: 'The instructions',
  email: 'The e-mail address',
  password: 'The password',
  new_password: 'The new password',
  name: 'The name',
  scopes: 'What the key is good for',
};

function fieldName(field: string): string {
  return FIELD_NAMES[field] ?? `“${field}”`;
}
