/** Something to say. */
export interface Prompt {
  /** The sender's own name for it: sent again under the same name, it is stored once. */
  client_id: string;
  content: string;
}

/** A name that no other prompt has: 32 hexadecimal digits. `crypto.randomUUID` exists over HTTPS and on localhost only. */
export function newClientId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
