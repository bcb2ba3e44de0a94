import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ko } from '../learn/article/ko.ts';
import { numbers } from '../learn/article/numbers.ts';

/** Particles that have another form after a vowel: 은 or 는, 이 or 가, and so on. */
const AFTER_CONSONANT = ['은', '이', '을', '과', '으로'];
const AFTER_VOWEL = ['는', '가', '를', '와', '로'];
const EITHER = [...AFTER_CONSONANT, ...AFTER_VOWEL].join('|');

/** Both forms at once, such as 은(는), which nobody says; or a particle after a name that varies. */
const faultsIn = (source: string): string[] =>
  [`\\((${EITHER}|으|이)\\)`, `\\$\\{[\\w.]+\\}[”’]?(${EITHER})(?![가-힣])`].flatMap(
    (fault) => source.match(new RegExp(fault, 'g')) ?? [],
  );

/** A name that varies, in a source. */
const varying = (name: string) => `\${${name}}`;

/** The digits that end in a consonant, such as 삼, and among them those that end in ㄹ, such as 일. */
const CONSONANTS = '013678₀₁';
const LIQUIDS = '178₁';

/** Particles in the wrong form after a number. After ㄹ it is 로 and not 으로. */
function wrongAfterNumbers(text: string): string[] {
  const found = text.matchAll(new RegExp(`([0-9%₀₁₂])(${EITHER})(?![가-힣])`, 'g'));
  return Array.from(found).flatMap(([all, sign, particle]) => {
    const liquid = LIQUIDS.includes(sign) && particle.endsWith('로');
    const forms = CONSONANTS.includes(sign) && !liquid ? AFTER_CONSONANT : AFTER_VOWEL;
    return forms.includes(particle) ? [] : [all];
  });
}

describe('the Korean texts have the right particle', () => {
  const page = fileURLToPath(new URL('..', import.meta.url));
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(^|[/\\])ko\.ts$/.test(name),
  );

  it('after names that vary, where none has two forms', () => {
    expect(files.length).toBeGreaterThan(9);
    for (const name of files) {
      // The article's numbers are known.
      const source = readFileSync(page + name, 'utf8');
      const faults = faultsIn(source).filter((fault) => !fault.includes('{n.'));
      expect(faults, name).toEqual([]);
    }
  });

  it('after the numbers of the article', () => {
    const sections = Object.values(ko.sections(numbers));
    const blocks = sections.flatMap(({ title, blocks }) => [title, ...blocks]);
    const texts = [ko.title, ...ko.introduction(numbers), ...blocks].map((text) =>
      typeof text === 'string' ? text : 'gpu' in text ? text.gpu : '',
    );
    expect(texts.join('').length).toBeGreaterThan(1000);
    for (const text of texts) expect(wrongAfterNumbers(text)).toEqual([]);
  });

  it.each([
    '설정은(는) 바뀌었습니다.',
    '설정이(가) 바뀌었습니다.',
    '설정을(를) 바꾸세요.',
    '설정(으)로 학습합니다.',
    'GPU와(과) CPU',
    `${varying('name')}를 무시했습니다.`,
    `“${varying('remark.name')}”은 모르는 설정입니다.`,
    `${varying('backend')}로 학습합니다.`,
  ])('and would not with %s', (source) => {
    expect(faultsIn(source)).not.toEqual([]);
  });

  it.each(['0.25으로 줄고', '98%을 맞혀', '0.31가 됩니다', 'W₀는', 'b₁으로', '2,400와', '0.17는'])(
    'and would not with %s',
    (text) => {
      expect(wrongAfterNumbers(text)).not.toEqual([]);
    },
  );
});
