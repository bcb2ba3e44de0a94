import type { Problem } from '../run/protocol.ts';
import { laterTexts } from '../texts/later/later.ts';

interface Props {
  problem: Problem;
  /** Whether the run refused settings and is as it was. */
  refusal?: boolean;
}

/** A problem in three sentences: the event, what was kept, what to do. */
export function ProblemNotice({ problem, refusal }: Props) {
  const { problems } = laterTexts.value;
  if (refusal)
    return (
      <p class="notice problem" role="alert">
        {problems.happened(problem)} {problem.kind === 'plan' && problems.kept(problem)} {problems.putBack}
      </p>
    );
  return (
    <p class="notice problem" role="alert">
      {problems.happened(problem)} {problems.kept(problem)} {problems.advice[problem.kind]}
      {problem.kind === 'frame' && (
        <>
          {' '}
          <a href={location.href} target="_blank" rel="noreferrer">
            {location.href}
          </a>
        </>
      )}
    </p>
  );
}
