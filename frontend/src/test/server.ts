import { setupServer } from 'msw/node';

/** The far end of HTTP and of the sockets. Each test says what it answers; what it was not told of is an error. */
export const server = setupServer();
