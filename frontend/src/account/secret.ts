/** The secret of a link, which stands behind its `#`: no browser sends that, and no log has it. */
export function secretOfLink(): string {
  return decodeURIComponent(window.location.hash.slice(1));
}

/** A link to a page of this portal with a secret. */
export function linkWith(path: string, secret: string): string {
  return `${window.location.origin}${path}#${secret}`;
}
