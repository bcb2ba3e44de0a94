import type { ReadProblem } from '../../run/reader/protocol.ts';
import { fileTexts } from '../../texts/file/file.ts';

/** What happened, where, what was kept, what to do. */
export function ProblemText({ problem }: { problem: ReadProblem }) {
  const words = fileTexts.value;
  return (
    <p class="notice problem" role="alert">
      {words.happened[problem.kind]} {words.where(problem)} {words.kept} {words.advice[problem.kind]}
      {problem.detail && (
        <>
          {' '}
          {words.inDetail} <span lang="en">{problem.detail}</span>
        </>
      )}
    </p>
  );
}
