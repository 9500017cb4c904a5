import axios, { AxiosError, type AxiosRequestConfig } from 'axios';

import { isOffline } from '../app/network';
import { signIn } from '../app/signIn';
import { ApiError, isProblem, localProblem, problemCode } from './problem';
import type { Problem } from './types';

/** The only place that speaks HTTP. Every failure leaves it as an {@link ApiError}; a cancelled request as axios' own. */
const http = axios.create({
  baseURL: '/api',
  timeout: 30_000,
  // No page of another origin can send the second one: the server takes it for ours.
  headers: { Accept: 'application/json, application/problem+json', 'X-CSRF-Protection': '1' },
});

/** Sends a request and returns the body of its answer. Where nobody is signed in any more it waits until somebody is, and is sent again. */
export async function request<T>(config: AxiosRequestConfig): Promise<T> {
  try {
    const response = await http.request<T>(config);
    // A page of the application in place of JSON means that the request never reached the API.
    if (typeof response.data === 'string' && response.data !== '') {
      throw new ApiError(UNREADABLE);
    }
    return response.data;
  } catch (error) {
    if (error instanceof ApiError || axios.isCancel(error)) {
      throw error;
    }
    const problem = toProblem(error);
    if (problemCode(problem) === 'unauthenticated') {
      await signIn.required();
      return request<T>(config);
    }
    throw new ApiError(problem);
  }
}

const UNREADABLE = localProblem(
  'unreadable',
  'The answer of the server cannot be read. It may be starting; try again in a moment.',
);

function toProblem(error: unknown): Problem {
  if (!(error instanceof AxiosError)) {
    return localProblem('unexpected', 'Something unexpected happened in the page. Reload it and try again.');
  }
  if (error.response) {
    const { data, status } = error.response as { data: unknown; status: number };
    return isProblem(data) ? data : { ...UNREADABLE, status, detail: statusSentence(status) };
  }
  if (error.code === AxiosError.ECONNABORTED || error.code === AxiosError.ETIMEDOUT) {
    return localProblem('timeout', 'The server took too long to answer. Try again.');
  }
  return isOffline()
    ? localProblem('network', 'You are offline. Try again when the connection is back.')
    : localProblem('network', 'The server cannot be reached. Check that it is running, then try again.');
}

/** For answers that are not ours: of a proxy in between, or of a gateway whose function crashed. */
function statusSentence(status: number): string {
  if (status === 413) {
    return 'This is larger than the server accepts. Shorten it.';
  }
  if (status === 429) {
    return 'The server is busy. Try again in a moment.';
  }
  if (status >= 500) {
    return `The server failed to answer (status ${status}). Try again in a moment.`;
  }
  return `The server refused the request (status ${status}).`;
}
