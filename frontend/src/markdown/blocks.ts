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
  let blank = false;
  /** How far the items of the block's list are indented, if it has one, which what comes next may continue. */
  let item = 0;
  // Code in an item of a list ends with the item. Whether it is in one cannot be told from the lines alone: both must be outside.
  let inItem: Fence | null = null;
  let atMargin: Fence | null = null;
  for (const line of markdown.split('\n')) {
    const [marker] = LIST_ITEM.exec(line) ?? [];
    if (inItem && line.trim() !== '' && indentation(line) < inItem.indented) {
      inItem = null;
      item = marker ? item : 0;
    }
    const outside = inItem === null && atMargin === null;
    if (blank && outside && beginsAtMargin(line) && !(item > 0 && marker)) {
      blocks.push(block.join('\n'));
      block = [];
      item = 0;
    }
    block.push(line);
    if (inItem === null && beginsAtMargin(line)) {
      item = marker?.length ?? item;
    }
    inItem = fenceAfter(line, inItem, marker !== undefined || indentation(line) >= item ? item : 0);
    atMargin = fenceAfter(line, atMargin, 0);
    blank = line.trim() === '';
  }
  blocks.push(block.join('\n'));
  return blocks.filter((text) => text.trim() !== '');
}

/** Code that has begun and not ended. */
interface Fence {
  marks: string;
  /** How far the lines are indented that belong to it. */
  indented: number;
}

const LIST_ITEM = /^ ?([-+*]|\d{1,9}[.)])(\s|$)/;
const FENCE = /^((?:\s|[-+*]\s|\d{1,9}[.)]\s)*)(`{3,}|~{3,})(.*)$/;

function fenceAfter(line: string, open: Fence | null, indented: number): Fence | null {
  const [, before = '', marks = '', rest = ''] = FENCE.exec(line) ?? [];
  if (open !== null) {
    const closes = marks.startsWith(open.marks) && before.trim() === '' && rest.trim() === '';
    return closes ? null : open;
  }
  const opens = marks !== '' && !(marks.startsWith('`') && rest.includes('`'));
  return opens ? { marks, indented } : null;
}

/** Whether a line has words, and is not indented as what is in a list would be. */
function beginsAtMargin(line: string): boolean {
  return line.trim() !== '' && indentation(line) < 2;
}

/** A tab counts as the four columns that it reaches at the beginning of a line. */
function indentation(line: string): number {
  const [space = ''] = /^\s*/.exec(line) ?? [];
  return space.replaceAll('\t', '    ').length;
}
