import { caseStudy } from '../index.ts';
import { AboutRun } from './about-run.tsx';
import { ControlBar } from './control-bar.tsx';
import { Header } from './header.tsx';
import { LossChart } from './loss-chart.tsx';
import { Printout } from './printout.tsx';
import type { Problem } from './protocol.ts';
import { Regions } from './regions.tsx';
import { remark } from './remarks.ts';
import type { Session } from './session.ts';
import { TimingPanel } from './timing.tsx';

export function App({ session }: { session: Session }) {
  const choice = session.choice.value;
  const adapter = session.adapter.value;
  const run = session.run;
  const study = caseStudy[choice.model];
  return (
    <>
      <Header choice={choice} adapter={adapter} onChoose={(part) => session.choose(part)} />
      <main>
        <ControlBar session={session} run={run} steps={study.steps} />
        {adapter?.reason && (
          <p class="notice">
            {adapter.reason} Training runs on the CPU instead, so there is no GPU to compare it with.
          </p>
        )}
        {run.problem && <ProblemNotice problem={run.problem} />}
        <div class="panels">
          <Regions data={study.options.data} evidence={run.evidence} />
          <div class="results">
            <LossChart study={study} points={run.points} />
            <Printout study={study} points={run.points} remark={adapter && remark(choice, adapter.backend)} />
          </div>
          <div class="facts-and-timing">
            <TimingPanel
              adapter={adapter}
              precision={choice.precision}
              status={run.timing}
              training={run.status === 'training'}
              onTime={() => session.time()}
              onCancel={() => session.pause()}
            />
            <AboutRun choice={choice} study={study} adapter={adapter} way={run.way} />
          </div>
        </div>
      </main>
      <footer>
        The data, the models and the published figures are those of{' '}
        <a href="https://cs231n.github.io/neural-networks-case-study/">the case study in the CS231n notes</a>.
        Nothing leaves this page.
      </footer>
    </>
  );
}

function ProblemNotice({ problem }: { problem: Problem }) {
  return (
    <p class="notice" role="alert">
      {problem.happened} {problem.kept} {problem.advice}
    </p>
  );
}
