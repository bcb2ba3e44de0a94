import { address, hashOf } from '../session/address.ts';
import type { BenchmarkSession } from '../session/benchmark.ts';
import type { Session } from '../session/session.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { runInWords } from '../train/run/about-run.tsx';
import { NumberField } from '../ui/fields.tsx';
import { OWN_RANGES } from './estimate.ts';

/** What there is to choose, or to know, of the model that is measured. */
export function ModelFields({ session, benchmark }: { session: Session; benchmark: BenchmarkSession }) {
  const { model } = benchmark.options.value;
  if (model === 'own') return <OwnFields benchmark={benchmark} />;
  if (model === 'train') return <TrainedNetwork session={session} />;
  return null;
}

const SIZES = ['hidden', 'points', 'features'] as const;

function OwnFields({ benchmark }: { benchmark: BenchmarkSession }) {
  const words = benchmarkTexts.value.own;
  const { own } = benchmark.options.value;
  return (
    <fieldset class="sizes">
      <legend class="hidden">{words.title}</legend>
      {SIZES.map((size) => (
        <NumberField
          key={size}
          {...words[size]}
          value={own[size]}
          range={OWN_RANGES[size]}
          onChange={(value) => benchmark.choose({ own: { ...own, [size]: value } })}
        />
      ))}
    </fieldset>
  );
}

function TrainedNetwork({ session }: { session: Session }) {
  const words = benchmarkTexts.value.train;
  const data = session.data.value;
  if (!data.train) return <p class="subject">{words.nothing}</p>;
  const { model, data: rows, training } = runInWords(session.settings.value, data);
  return (
    <p class="subject">
      {model}; {rows}; {training}. <a href={hashOf({ ...address.value, view: 'train' })}>{words.change}</a>,{' '}
      {words.quick}
    </p>
  );
}
