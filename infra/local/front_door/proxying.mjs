// What the proxy library leaves to its user.

/** Ties the two ends of a WebSocket, once the upgrade has succeeded: an orderly end is passed on, a broken connection is not. */
export function joinSockets(outgoing, _request, socket) {
  outgoing.on('upgrade', (_answer, upstream) => {
    // What is still to be written goes first: the last frames of an answer.
    socket.once('close', () => upstream.destroySoon());
    upstream.once('close', () => socket.destroySoon());
    if (socket.destroyed) {
      upstream.destroy();
    }
  });
}

/** For the promise of a proxied request: its errors have been dealt with as events, and unhandled it would end the process. */
export function alreadyHandled() {}
