/**
 * Cuts Markdown into blocks that can be rendered each by itself, so that a growing text renders its last block anew and no other.
 * A cut is made only where it cannot change the meaning: at a blank line, outside code, not before what may continue a list.
 */
export function splitBlocks(markdown: string): string[] {
  // A link or footnote may be defined far from its use.
  if (/^ {0,3}\[[^\]]+\]:/m.test(markdown)) {
    return [markdown];
  }
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let blank = false;
  for (const line of markdown.split('\n')) {
    if (blank && fence === null && startsBlock(line, block)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    block.push(line);
    fence = fenceAfter(line, fence);
    blank = line.trim() === '';
  }
  blocks.push(block.join('\n'));
  return blocks.filter((text) => text.trim() !== '');
}

const LIST_ITEM = /^ {0,3}([-+*]|\d{1,9}[.)])(\s|$)/;

function startsBlock(line: string, block: readonly string[]): boolean {
  if (line.trim() === '' || /^(\s{2}|\t)/.test(line)) {
    return false;
  }
  const first = block.find((text) => text.trim() !== '');
  return first === undefined || !(LIST_ITEM.test(line) && LIST_ITEM.test(first));
}

/** The fence that is open after this line. One inside a list item is indented with it. */
function fenceAfter(line: string, open: string | null): string | null {
  const [, marks = '', rest = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (open === null) {
    return marks !== '' && !(marks.startsWith('`') && rest.includes('`')) ? marks : null;
  }
  const closes = marks.startsWith(open) && rest.trim() === '';
  return closes ? null : open;
}
