// What the proxy library leaves to its user.

/** Ties the two ends of a WebSocket, once the upgrade has succeeded: an orderly end is passed on, a broken connection is not. */
export function joinSockets(outgoing, _request, socket) {
  outgoing.on('upgrade', (_answer, upstream) => {
    socket.once('close', () => upstream.destroy());
    upstream.once('close', () => socket.destroy());
    if (socket.destroyed) {
      upstream.destroy();
    }
  });
}

/** For the promise of a proxied request: its errors have been dealt with as events, and unhandled it would end the process. */
export function alreadyHandled() {}
