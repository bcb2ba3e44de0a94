import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Ways by which text becomes markup or code. Preact's children and attributes stay text.
 */
const SINKS = [
  /dangerouslySetInnerHTML/,
  /\b(inner|outer)HTML\b|\binsertAdjacentHTML\b|\b(set|get)HTML(Unsafe)?\b/,
  /\bdocument\s*\.\s*write(ln)?\b|\bDOMParser\b|\bcreateContextualFragment\b|\bsrcdoc\b/i,
  /\beval\b|\bnew\s+Function\b|[^\w.]Function\s*\(/,
  /\bset(Timeout|Interval)\s*\(\s*['"`]/,
  /setAttribute(NS)?\s*\(\s*['"`]on/i,
  /javascript:/i,
  /\bstyle="/,
];

const sinksIn = (code: string) =>
  SINKS.map((sink) => sink.exec(code)?.[0]).filter((found) => found !== undefined);

describe('text on the page', () => {
  it('never becomes markup or code in the page’s own code', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !/\.test\.ts$/.test(name),
    );
    expect(files.length).toBeGreaterThan(90);
    for (const name of files) expect(sinksIn(readFileSync(folder + name, 'utf8')), name).toEqual([]);
  });

  it.each([
    '<p dangerouslySetInnerHTML={{ __html: name }} />',
    'place.innerHTML = name;',
    'place.outerHTML = name;',
    "place.insertAdjacentHTML('beforeend', name);",
    'place.setHTMLUnsafe(name);',
    'document.write(name);',
    'document.writeln(name);',
    "new DOMParser().parseFromString(name, 'text/html');",
    'range.createContextualFragment(name);',
    '<iframe srcDoc={name} />',
    'eval(name);',
    'const run = eval; run(name);',
    'new Function(name)();',
    ' Function(name)();',
    "setTimeout('run()', 1);",
    "place.setAttribute('onclick', name);",
    '<a href="javascript:run()">x</a>',
    '<p style="color: red" />',
  ])('would with %s', (code) => {
    expect(sinksIn(code)).not.toEqual([]);
  });
});
