import { useEffect } from 'preact/hooks';
import { Header } from './header.tsx';
import { address } from './session/address.ts';
import type { Session } from './session/session.ts';
import { texts } from './texts/texts.ts';
import { laterParts, loadLater } from './train/later-parts.ts';
import { TrainView } from './train/train-view.tsx';
import { Lazy } from './ui/lazy.tsx';

const loadQuestion = async () => (await import('./link-question.tsx')).LinkQuestion;
const loadLearn = async () => (await import('./learn/learn-view.tsx')).LearnView;
const loadInside = async () => (await import('./inside/inside-view.tsx')).InsideView;
const loadBenchmark = async () => (await import('./benchmark/benchmark-view.tsx')).BenchmarkView;

export function App({ session }: { session: Session }) {
  const { footer } = texts.value;
  const parts = laterParts.value;
  const { view } = address.value;
  useEffect(() => {
    // The view Train waits until its first picture is there.
    if (view !== 'train') loadLater();
  }, [view]);
  return (
    <>
      <Header session={session} />
      {view !== 'benchmark' && session.question.value && (
        <Lazy load={loadQuestion} properties={{ session }} as="section" />
      )}
      {view === 'train' && <TrainView session={session} />}
      {view === 'learn' && <Lazy load={loadLearn} properties={{}} />}
      {view === 'inside' && <Lazy load={loadInside} properties={{ session }} />}
      {view === 'benchmark' && <Lazy load={loadBenchmark} properties={{ session }} />}
      {parts && <parts.OwnData session={session} />}
      <footer>
        {footer.before}
        <a href="https://cs231n.github.io/neural-networks-case-study/">{footer.link}</a>
        {footer.after}
      </footer>
    </>
  );
}
