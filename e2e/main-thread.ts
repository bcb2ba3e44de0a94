import type { Browser } from 'playwright/test';

/** Milliseconds that each task of a page's main thread has computed since tracing began. */
export async function mainThreadTasks(browser: Browser): Promise<number[]> {
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = trace.traceEvents
    .filter(({ args }) => args.name === 'CrRendererMain')
    .map(({ tid }) => tid);
  return trace.traceEvents
    .filter(({ name, tid }) => name === 'ThreadControllerImpl::RunTask' && threads.includes(tid))
    .map(({ tdur = 0 }) => tdur / 1000);
}

interface TraceEvent {
  name: string;
  tid: number;
  /** Microseconds by the clock of the thread. */
  tdur?: number;
  args: { name?: string };
}
