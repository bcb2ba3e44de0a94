import { Formula } from '../../inside/operation/formula.tsx';
import { address, hashOf } from '../../session/address.ts';
import { learnTexts } from '../../texts/learn/learn.ts';
import { FigurePlace } from '../frame/figure-place.tsx';
import { SECTIONS, type SectionId } from '../sections.ts';
import { article } from './article.ts';
import { numbers } from './numbers.ts';
import type { Block } from './words.ts';

/** A section of the article: its text, and the figure beside it. */
export function Section({ id, number }: { id: SectionId; number: number }) {
  const words = article();
  const { title, blocks } = words.sections(numbers)[id];
  const { operations, figure } = SECTIONS[number];
  const { settings } = address.value;
  const [first, ...rest] = blocks;
  return (
    <article id={id} class={figure && 'beside'} aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>
        <span class="ordinal">{number + 1}</span> {title}
        <a
          class="here"
          href={hashOf({ view: 'learn', place: id, settings })}
          aria-label={learnTexts.value.link(title)}
        >
          #
        </a>
      </h3>
      {block(first, 0)}
      {figure && <FigurePlace load={figure} title={title} />}
      <div class="rest">
        {rest.map(block)}
        {operations.length > 0 && (
          <p class="lines">
            {words.operations}
            {operations.map((name) => (
              <a key={name} href={hashOf({ view: 'inside', place: encodeURIComponent(name), settings })}>
                {name}
              </a>
            ))}
          </p>
        )}
      </div>
    </article>
  );
}

function block(block: Block, key: number) {
  if (typeof block === 'string') return <p key={key}>{block}</p>;
  if ('gpu' in block) {
    return (
      <details key={key} class="aside">
        <summary>{learnTexts.value.gpu}</summary>
        <p>{block.gpu}</p>
      </details>
    );
  }
  if ('formula' in block) {
    return (
      <p key={key} class="formula">
        <Formula text={block.formula} />
      </p>
    );
  }
  return (
    <pre key={key}>
      <code>{block.numpy}</code>
    </pre>
  );
}
