/** The whole sentences of a growing text that have not been said yet, as plain words, and how far they reach. */
export function sentencesSince(text: string, said: number): { words: string; reaches: number } {
  const ends = [...text.slice(said).matchAll(/[.!?…。！？](?=\s)|\n/g)];
  const last = ends.at(-1);
  const reaches = last ? said + last.index + 1 : said;
  return { words: plainWords(text.slice(said, reaches)), reaches };
}

/** Markdown as it would be read aloud. */
export function plainWords(markdown: string): string {
  return markdown
    .replace(/^\s*(```|~~~).*$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s{0,3}(#{1,6}|>|[-+*]|\|)\s*/gm, '')
    .replace(/[*_`|]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
