import { useState } from 'preact/hooks';
import { Switch } from '../switch.tsx';
import { texts } from '../texts/texts.ts';
import type { Problem } from '../worker/protocol.ts';
import { asJson, asMarkdown } from './copy.ts';
import { CrossoverSection } from './crossover-section.tsx';
import { KernelsSection } from './kernels-section.tsx';
import { MODEL_NAMES, MODELS } from './models.ts';
import type { BenchmarkResults, Pace } from './results.ts';
import type { BenchmarkSession, BenchmarkStatus } from './session.ts';
import { StagesSection } from './stages-section.tsx';
import { formatLeft } from './words.ts';

const PACES: { value: Pace; name: string; hint: string }[] = [
  { value: 'thorough', name: 'Thorough', hint: 'ten repetitions and eight sizes, a minute or two' },
  { value: 'quick', name: 'Quick', hint: 'three repetitions and three sizes, for a first look' },
];

interface Props {
  session: BenchmarkSession;
  onStart: () => void;
}

/** CPU against GPU on this machine, and where the time goes. */
export function BenchmarkView({ session, onStart }: Props) {
  const { model, pace } = session.options.value;
  const status = session.status.value;
  const results = session.results.value;
  const running = status.state === 'running';
  return (
    <main>
      <div class="choices">
        <Switch
          label="Model"
          name="benchmark-model"
          options={MODEL_NAMES.map((value) => ({ value, ...MODELS[value] }))}
          chosen={model}
          onChoose={(chosen) => session.choose({ model: chosen })}
        />
        <Switch
          label="Pace"
          name="pace"
          options={PACES}
          chosen={pace}
          onChoose={(chosen) => session.choose({ pace: chosen })}
        />
      </div>
      <section class={running ? 'bar' : 'bar still'} aria-label="Benchmark">
        <div class="buttons">
          <button
            type="button"
            class={running ? undefined : 'primary'}
            onClick={() => (running ? session.cancel() : onStart())}
          >
            {running ? 'Cancel' : 'Measure'}
          </button>
        </div>
        <p class="doing">{running ? doing(status) : undefined}</p>
        <p class="state" role="status">
          {sentence(status)}
        </p>
        {running && <progress class="run" max={1} value={status.progress.done} aria-label="Benchmark" />}
      </section>
      {status.state === 'failed' && <Notice problem={status.problem} />}
      {results ? <Results results={results} /> : <Introduction />}
    </main>
  );
}

function doing({ progress: { what, left } }: Extract<BenchmarkStatus, { state: 'running' }>): string {
  return left === undefined ? what : `${what}; about ${formatLeft(left)} left`;
}

function sentence(status: BenchmarkStatus): string {
  switch (status.state) {
    case 'idle':
      return 'Nothing measured yet.';
    case 'running':
      return 'Measuring.';
    case 'finished':
      return `Measured in ${status.seconds.toFixed(0)} s.`;
    case 'cancelled':
      return status.reason;
    case 'failed':
      return 'Stopped.';
  }
}

/** What happened, what was kept and what to do: other than in training, nothing can be rewound. */
function Notice({ problem }: { problem: Problem }) {
  const happened =
    problem.kind === 'lost'
      ? texts.value.problems.happened(problem)
      : 'The benchmark stopped for a reason that this page does not know.';
  return (
    <p class="notice" role="alert">
      {happened} What was measured until then is kept. Start it again; if that fails, reload the page.
    </p>
  );
}

function Introduction() {
  return (
    <div class="introduction">
      <p>
        Trains the case study on this machine with every plan on the GPU and with plain loops on the CPU, and
        times each stage apart: compiling, uploading, the first step, the steps after it, reading back. Then
        it widens the hidden layer until the GPU wins, or until it is clear that it does not.
      </p>
      <p class="quiet">
        Nothing is looked up: every figure is measured here and now. Close what else keeps the machine busy,
        and leave this page in view, as browsers slow down the ones that are not.
      </p>
    </div>
  );
}

function Results({ results }: { results: BenchmarkResults }) {
  const { adapter, browser, threads } = results;
  return (
    <div class="benchmark">
      <dl class="facts machine">
        <dt>Adapter</dt>
        <dd>
          {adapter.backend === 'cpu'
            ? `none. ${adapter.reason ? texts.value.noGpu[adapter.reason] : ''} Only the CPU is measured.`
            : `${adapter.name}, with WebGPU`}
          {adapter.software &&
            '. This is a software adapter, a program on the CPU and not a GPU: wherever it says GPU below, read that.'}
        </dd>
        <dt>Browser</dt>
        <dd>
          {browser}, {threads} threads
        </dd>
        <dt>Results</dt>
        <dd class="copies">
          <Copies results={results} />
        </dd>
      </dl>
      <StagesSection results={results} />
      <CrossoverSection results={results} />
      <KernelsSection results={results} />
    </div>
  );
}

const FORMATS = { Markdown: asMarkdown, JSON: asJson };

function Copies({ results }: { results: BenchmarkResults }) {
  const [answer, setAnswer] = useState('');
  const copy = async (format: keyof typeof FORMATS) => {
    const copied = await navigator.clipboard.writeText(FORMATS[format](results)).then(
      () => `Copied as ${format}.`,
      () => 'The browser did not allow it.',
    );
    setAnswer(copied);
  };
  return (
    <>
      {(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map((format) => (
        <button key={format} type="button" onClick={() => copy(format)}>
          Copy as {format}
        </button>
      ))}
      <span role="status">{answer}</span>
    </>
  );
}
