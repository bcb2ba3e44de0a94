import { BenchmarkView } from './benchmark/benchmark-view.tsx';
import { Header } from './header.tsx';
import { view } from './route.ts';
import type { Session } from './session.ts';
import { TrainView } from './train-view.tsx';

export function App({ session }: { session: Session }) {
  return (
    <>
      <Header view={view.value} precision={session.choice.value.precision} adapter={session.adapter.value} />
      {view.value === 'train' ? (
        <TrainView session={session} />
      ) : (
        <BenchmarkView session={session.benchmark} onStart={() => session.startBenchmark()} />
      )}
      <footer>
        The data, the models and the published figures are those of{' '}
        <a href="https://cs231n.github.io/neural-networks-case-study/">the case study in the CS231n notes</a>.
        Nothing leaves this page.
      </footer>
    </>
  );
}
