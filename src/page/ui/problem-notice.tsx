import type { Problem } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';

/** A problem in three sentences: the event, what was kept, what to do. */
export function ProblemNotice({ problem }: { problem: Problem }) {
  const { problems } = texts.value;
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
