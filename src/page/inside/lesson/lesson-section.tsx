import { type Language, language } from '../../texts/texts.ts';
import { Formula } from '../operation/formula.tsx';
import { en } from './en.ts';
import { figures } from './figures.ts';
import { ko } from './ko.ts';
import { type LessonBlock, type LessonWords, lessonOf } from './lesson.ts';

const WORDS: Record<Language, LessonWords> = { en, ko };

interface Props {
  /** Shows a step operation; without it there are no buttons. */
  onSelect?: (operation: string) => void;
  /** Names of the present step's operations, which are those with buttons. */
  available?: readonly string[];
}

/** The lesson of the case study in the present language. */
export function LessonSection({ onSelect, available }: Props) {
  const words = WORDS[language.value];
  return (
    <section class="lesson" aria-labelledby="lesson-title">
      <h2 id="lesson-title">{words.title}</h2>
      <p class="quiet">{words.introduction(figures)}</p>
      {lessonOf(words).map(({ id, title, blocks, operations }) => {
        const shown = onSelect ? operations.filter((name) => available?.includes(name) ?? true) : [];
        return (
          <article key={id} id={`lesson-${id}`} aria-labelledby={`lesson-${id}-title`}>
            <h3 id={`lesson-${id}-title`}>{title}</h3>
            {blocks.map(block)}
            {shown.length > 0 && (
              <p class="operations">
                <span id={`lesson-${id}-operations`}>{words.operations}</span>
                {shown.map((name) => (
                  <button
                    key={name}
                    type="button"
                    class="small"
                    aria-describedby={`lesson-${id}-operations`}
                    onClick={() => onSelect?.(name)}
                  >
                    {name}
                  </button>
                ))}
              </p>
            )}
          </article>
        );
      })}
    </section>
  );
}

function block(block: LessonBlock, key: number) {
  if (typeof block === 'string') return <p key={key}>{block}</p>;
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
