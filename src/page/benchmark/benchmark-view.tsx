import { useState } from 'preact/hooks';
import { isIsolated, threadsOf } from '../run/benchmark/program.ts';
import type { BenchmarkResults } from '../run/benchmark/results.ts';
import type { BenchmarkModel, Pace, Problem } from '../run/protocol.ts';
import { BenchmarkSession, type BenchmarkStatus } from '../session/benchmark.ts';
import type { Session } from '../session/session.ts';
import { benchmarkTexts } from '../texts/benchmark/benchmark.ts';
import { laterTexts } from '../texts/later/later.ts';
import { trainingInWords } from '../train/run/about-run.tsx';
import { adapterName } from '../ui/adapter-name.ts';
import { Switch } from '../ui/switch.tsx';
import { asJson, asMarkdown } from './copy.ts';
import { CrossoverSection } from './crossover-section.tsx';
import { expectedSeconds } from './estimate.ts';
import { Headline } from './headline.tsx';
import { KernelsSection } from './kernels-section.tsx';
import { ModelFields } from './model-fields.tsx';
import { StagesSection } from './stages-section.tsx';
import { formatDuration, networkInWords, threadsInWords, workInWords } from './words.ts';

const MODELS: readonly BenchmarkModel[] = ['linear', 'network', 'own', 'train'];
const PACES: readonly Pace[] = ['thorough', 'quick'];

/** CPU against GPU on this machine, and where the time goes. */
export function BenchmarkView({ session }: { session: Session }) {
  session.benchmark ??= new BenchmarkSession();
  const { benchmark } = session;
  const words = benchmarkTexts.value;
  const { model, pace } = benchmark.options.value;
  const status = benchmark.status.value;
  const results = benchmark.results.value;
  const running = status.state === 'running';
  const expected = useExpected(session, benchmark);
  return (
    <main>
      <div class="choices">
        <Switch
          label={words.model}
          name="benchmark-model"
          options={MODELS.map((value) => ({ value, ...words.models[value] }))}
          chosen={model}
          onChoose={(chosen) => benchmark.choose({ model: chosen })}
        />
        <Switch
          label={words.pace}
          name="pace"
          options={PACES.map((value) => ({ value, ...words.paces[value] }))}
          chosen={pace}
          onChoose={(chosen) => benchmark.choose({ pace: chosen })}
        />
      </div>
      <ModelFields session={session} benchmark={benchmark} />
      <section class={running ? 'bar' : 'bar still'} aria-label={words.title}>
        <div class="buttons">
          <button
            type="button"
            class={running ? undefined : 'primary'}
            disabled={!running && expected === undefined}
            onClick={() => (running ? benchmark.cancel() : session.startBenchmark(benchmark))}
          >
            {running ? words.cancel : words.measure}
          </button>
        </div>
        <p class="doing">{running ? doing(status) : expected}</p>
        <p class="state" role="status">
          {sentence(status)}
        </p>
        {running && <progress class="run" max={1} value={status.progress.done} aria-label={words.title} />}
      </section>
      {status.state === 'failed' && <Notice problem={status.problem} />}
      {results ? <Results results={results} /> : <Introduction />}
    </main>
  );
}

/** The time that the chosen benchmark takes, in words; undefined where there is nothing to measure. */
function useExpected(session: Session, benchmark: BenchmarkSession): string | undefined {
  const train = { settings: session.settings.value, data: session.data.value };
  const seconds = expectedSeconds(benchmark.options.value, train, session.adapter.value);
  if (seconds === undefined) return undefined;
  return benchmarkTexts.value.expected(formatDuration(seconds * benchmark.slowness.value));
}

function doing({ progress: { work, left } }: Extract<BenchmarkStatus, { state: 'running' }>): string {
  const what = workInWords(work);
  return left === undefined ? what : benchmarkTexts.value.left(what, formatDuration(left));
}

function sentence(status: BenchmarkStatus): string {
  const words = benchmarkTexts.value;
  switch (status.state) {
    case 'finished':
      return words.finished(status.seconds.toFixed(0));
    case 'cancelled':
      return status.by ? words.endedBy[status.by] : words.cancelled;
    default:
      return words[status.state];
  }
}

/** The problem in words. Unlike a run, a benchmark cannot be rewound. */
function Notice({ problem }: { problem: Problem }) {
  const words = benchmarkTexts.value;
  const { problems } = laterTexts.value;
  if (problem.kind === 'frame') {
    const { href } = location;
    return (
      <p class="notice" role="alert">
        {problems.happened(problem)} {problems.kept(problem)} <a href={href}>{href}</a>
      </p>
    );
  }
  const happened = problem.kind === 'lost' ? problems.happened(problem) : words.stopped;
  return (
    <p class="notice" role="alert">
      {happened} {words.kept}
    </p>
  );
}

function Introduction() {
  const { introduction: words, machine } = benchmarkTexts.value;
  const cpu = { threads: navigator.hardwareConcurrency, isolated: isIsolated() };
  return (
    <div class="introduction">
      <p>{words.what}</p>
      <p class="quiet">{words.advice}</p>
      {threadsOf(cpu) === 1 && (
        <p class="quiet">
          {machine.cpu}: {threadsInWords(cpu)}
        </p>
      )}
    </div>
  );
}

function Results({ results }: { results: BenchmarkResults }) {
  const { adapter, browser, network } = results;
  const { settings, sizes } = network;
  const { machine: words } = benchmarkTexts.value;
  return (
    <div class="benchmark">
      <Headline results={results} />
      <dl class="facts machine">
        <dt>{words.network}</dt>
        <dd>
          {networkInWords(network)}
          {settings && `; ${trainingInWords(settings, sizes[sizes.length - 1])}`}
        </dd>
        <dt>{words.adapter}</dt>
        <dd>
          {adapter.backend === 'cpu'
            ? words.none(adapter.reason ? laterTexts.value.noGpu[adapter.reason] : '')
            : words.webgpu(adapterName(adapter))}
          {adapter.software && words.software}
        </dd>
        <dt>{words.browser}</dt>
        <dd>{words.browserIs(browser)}</dd>
        <dt>{words.cpu}</dt>
        <dd>{threadsInWords(results)}</dd>
        <dt>{words.results}</dt>
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
  const { copy: words } = benchmarkTexts.value;
  const [answer, setAnswer] = useState('');
  const copy = async (format: keyof typeof FORMATS) => {
    const copied = await navigator.clipboard.writeText(FORMATS[format](results)).then(
      () => words.copied(format),
      () => words.refused,
    );
    setAnswer(copied);
  };
  return (
    <>
      {(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).map((format) => (
        <button key={format} type="button" onClick={() => copy(format)}>
          {words.button(format)}
        </button>
      ))}
      <span role="status">{answer}</span>
    </>
  );
}
