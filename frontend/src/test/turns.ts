/** Lets the event loop turn a few times, which is what an intercepted request takes: no time passes, also with timers that stand still. */
export async function turns(count = 30): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  }
  port1.close();
}
