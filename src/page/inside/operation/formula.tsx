import type { ComponentChildren } from 'preact';
import { language } from '../../texts/texts.ts';

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const SUPERSCRIPTS: Record<string, string> = { ᵀ: 'T', '²': '2' };

/**
 * Tokens: a word with its spaces, a letter with subscript and superscript, a number, space, any
 * other character.
 */
const TOKEN =
  /((?<![=←]) ?(?:ln|[a-z]{3,})(?: [a-z]{2,})* ?)|(\p{L}\u0302?)([₀-₉]*)([ᵀ²]?)|(\d+(?:\.\d+)?)|(\s+)|(.)/gu;

/**
 * A formula of {@link file://../../../step-operations.ts} as MathML. Subscripts and superscripts
 * come from its text.
 */
export function Formula({ text: english }: { text: string }) {
  // The word `where` is English; a condition in brackets reads the same in every language.
  const text = language.value === 'en' ? english : english.replace(/ where (.+)$/, ' ($1)');
  return (
    <span class="formula">
      <math aria-hidden="true">
        <mrow>{Array.from(text.matchAll(TOKEN), token)}</mrow>
      </math>
      {/* Not every reader speaks mathematics. */}
      <span class="hidden">{text}</span>
    </span>
  );
}

function token(match: RegExpMatchArray, key: number): ComponentChildren {
  const [, words, name, sub, sup, number, space, operator] = match;
  if (space !== undefined) return null;
  if (words !== undefined) return <mtext key={key}>{words.replaceAll(' ', '\u00a0')}</mtext>;
  if (number !== undefined) return <mn key={key}>{number}</mn>;
  if (name === undefined) {
    // Brackets are text, because a MathML operator would stretch.
    return '()[]'.includes(operator) ? <mtext key={key}>{operator}</mtext> : <mo key={key}>{operator}</mo>;
  }
  const base = <mi>{name}</mi>;
  const below = sub && <mn>{Array.from(sub, (digit) => SUBSCRIPTS.indexOf(digit)).join('')}</mn>;
  const above = sup && <mi mathvariant="normal">{SUPERSCRIPTS[sup]}</mi>;
  if (below && above) {
    return (
      <msubsup key={key}>
        {base}
        {below}
        {above}
      </msubsup>
    );
  }
  if (below) {
    return (
      <msub key={key}>
        {base}
        {below}
      </msub>
    );
  }
  if (above) {
    return (
      <msup key={key}>
        {base}
        {above}
      </msup>
    );
  }
  return <mrow key={key}>{base}</mrow>;
}
