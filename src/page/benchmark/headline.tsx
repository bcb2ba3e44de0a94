import type { BenchmarkResults } from '../run/benchmark/results.ts';
import { headlineInWords } from './verdict-words.ts';

/** The result in plain words, above all tables: one sentence, and smaller ones about it. */
export function Headline({ results }: { results: BenchmarkResults }) {
  const [first, ...more] = headlineInWords(results);
  return (
    <div class="headline">
      <p>{first}</p>
      {more.length > 0 && <p class="remark">{more.join(' ')}</p>}
    </div>
  );
}
