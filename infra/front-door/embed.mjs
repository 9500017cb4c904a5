// Copies the functions' code into template.yaml, where CloudFormation wants it: under each `# embed: <file>` comment stands
// a block scalar, whose text is replaced. `npm run embed` after a change; a test compares.

import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Returns the template with the code of the files as `read` gives it. */
export function embed(template, read) {
  const lines = template.split('\n');
  const result = [];
  while (lines.length > 0) {
    const line = lines.shift();
    result.push(line);
    const marker = /^\s*# embed: (\S+)$/.exec(line);
    if (marker) {
      const header = lines.shift();
      const indent = /^(\s*)(?:- )?\|$/.exec(header)?.[1].length;
      if (indent === undefined) {
        throw new Error(`a block scalar should follow "${line.trim()}", not "${header.trim()}"`);
      }
      let old = '';
      while (lines.length > 0 && (lines[0].trim() === '' || lines[0].search(/\S/) > indent)) {
        old = lines.shift();
      }
      const code = read(marker[1]).trimEnd().split('\n');
      result.push(header, ...code.map((text) => (text ? ' '.repeat(indent + 2) + text : '')));
      if (old.trim() === '') {
        result.push(''); // the blank line before what follows
      }
    }
  }
  return result.join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const template = new URL('template.yaml', import.meta.url);
  writeFileSync(template, embed(readFileSync(template, 'utf8'), (name) => readFileSync(new URL(name, import.meta.url), 'utf8')));
}
