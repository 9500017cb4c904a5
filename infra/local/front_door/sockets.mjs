// The two ends of a proxied WebSocket live and die together.

/** Ties them, once the upgrade has succeeded: the proxy itself only passes on an orderly end, not a broken connection. */
export function joinSockets(outgoing, _request, socket) {
  outgoing.on('upgrade', (_answer, upstream) => {
    socket.once('close', () => upstream.destroy());
    upstream.once('close', () => socket.destroy());
    if (socket.destroyed) {
      upstream.destroy();
    }
  });
}
