import type { Problem } from './protocol.ts';

export function ProblemNotice({ problem }: { problem: Problem }) {
  return (
    <p class="notice" role="alert">
      {problem.happened} {problem.kept} {problem.advice}
    </p>
  );
}
