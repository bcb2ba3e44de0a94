import type { Session } from './session/session.ts';
import { formatDuration } from './settings/duration.ts';
import { laterTexts } from './texts/later/later.ts';
import { language } from './texts/texts.ts';
import { formatWhole } from './ui/format.ts';

/** Asks before a link begins work that takes long. */
export function LinkQuestion({ session }: { session: Session }) {
  const work = session.question.value;
  if (!work) return null;
  const { question: words } = laterTexts.value;
  const [card, processor] = [work.card, work.processor].map((time) => formatDuration(time, language.value));
  const trains = work.steps > 0;
  return (
    <fieldset class="notice question" aria-labelledby="question-text">
      <p id="question-text" role="alert">
        {trains ? words.trains(formatWhole(work.steps), card, processor) : words.opens(card, processor)}
      </p>
      {trains && (
        <button type="button" onClick={() => session.answer(true)}>
          {words.train}
        </button>
      )}
      <button type="button" onClick={() => session.answer(false)}>
        {trains ? words.onlyOpen : words.open}
      </button>
    </fieldset>
  );
}
