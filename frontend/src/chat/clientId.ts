/** A name for a prompt that no other has: 32 hexadecimal digits. `crypto.randomUUID` exists over HTTPS and on localhost only. */
export function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
