const THIS_MACHINE = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether the server is out of reach for sure. One on this very machine needs no network, whatever the browser says of it. */
export function isOffline(hostname: string = window.location.hostname): boolean {
  return !navigator.onLine && !THIS_MACHINE.test(hostname);
}
