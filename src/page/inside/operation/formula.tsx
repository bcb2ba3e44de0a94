import type { ComponentChildren } from 'preact';
import { language } from '../../texts/texts.ts';

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const SUPERSCRIPTS: Record<string, string> = { ᵀ: 'T', '²': '2' };

/** Tokens: words; a letter with subscript and superscript; a product; any other character. */
const TOKEN = /(ln|[a-z]{3,}(?: [a-z]{2,})*)|(\p{L}\u0302?)([₀-₉]*)([ᵀ²]?)|(·)|(.)/gu;

/**
 * A formula of {@link file://../../../step-operations.ts}, set in HTML: without a mathematical font
 * browsers set MathML's superscripts too high.
 */
export function Formula({ text: english }: { text: string }) {
  // The word `where` is English; a condition in brackets reads the same in every language.
  const text = language.value === 'en' ? english : english.replace(/ where (.+)$/, ' ($1)');
  return (
    <span class="formula">
      <span aria-hidden="true">{Array.from(text.matchAll(TOKEN), token)}</span>
      {/* Not every reader speaks mathematics. */}
      <span class="hidden">{text}</span>
    </span>
  );
}

function token([all, words, letter, below, above, product]: RegExpMatchArray, key: number) {
  if (product !== undefined) {
    return (
      <span key={key} class="product">
        ·
      </span>
    );
  }
  if (letter === undefined || words !== undefined) return all;
  const sub = below && <sub>{Array.from(below, (digit) => SUBSCRIPTS.indexOf(digit)).join('')}</sub>;
  const sup = above && <sup>{SUPERSCRIPTS[above]}</sup>;
  return (
    <span key={key} class="symbol">
      {/* A sum is an operator, which is set upright. */}
      {letter === 'Σ' ? letter : <var>{letter}</var>}
      {sub && sup ? both(sub, sup) : sub || sup}
    </span>
  );
}

/** A superscript above a subscript. */
function both(sub: ComponentChildren, sup: ComponentChildren) {
  return (
    <span class="indices">
      {sup}
      {sub}
    </span>
  );
}
