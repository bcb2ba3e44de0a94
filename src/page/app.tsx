import { Header } from './header.tsx';
import { address } from './session/address.ts';
import type { Session } from './session/session.ts';
import { texts } from './texts/texts.ts';
import { TrainView } from './train/train-view.tsx';
import { Lazy } from './ui/lazy.tsx';

const loadQuestion = async () => (await import('./link-question.tsx')).LinkQuestion;
const loadInside = async () => (await import('./inside/inside-view.tsx')).InsideView;
const loadBenchmark = async () => (await import('./benchmark/benchmark-view.tsx')).BenchmarkView;

export function App({ session }: { session: Session }) {
  const { footer } = texts.value;
  return (
    <>
      <Header session={session} />
      {address.value.view !== 'benchmark' && session.question.value && (
        <Lazy load={loadQuestion} properties={{ session }} as="section" />
      )}
      {address.value.view === 'train' && <TrainView session={session} />}
      {address.value.view === 'inside' && <Lazy load={loadInside} properties={{ session }} />}
      {address.value.view === 'benchmark' && (
        <Lazy
          load={loadBenchmark}
          properties={{ session: session.benchmark, onStart: () => session.startBenchmark() }}
        />
      )}
      <footer>
        {footer.before}
        <a href="https://cs231n.github.io/neural-networks-case-study/">{footer.link}</a>
        {footer.after}
      </footer>
    </>
  );
}
