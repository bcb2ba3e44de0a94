import { run } from './operations.as';

/*
 * A round is an operation that threads share: its items are cut into parts, and each thread takes the
 * next part until there is none. The parts do not depend on the threads, nor do the bits.
 */

/** The round in the upper half, and the parts that nobody has taken in the lower one. */
const TICKET: usize = 0;
const ROUND: usize = 4;
/** The parts of the round that are done. */
const DONE: usize = 8;
/** 1 when the threads end. */
const STOP: usize = 12;
/** The items of the round, and how many a part has. */
const FIRST: usize = 16;
const END: usize = 20;
const PART: usize = 24;
/** How often a thread looks for a round before it sleeps: some ten microseconds. */
const LOOKS = 10_000;

/** Does the items `first` to before `end` of the operation with all threads. */
export function share(first: i32, end: i32, part: i32): void {
  // A thread that is being ended may take a part, and never do it.
  if (atomic.load<i32>(STOP)) return run(first, end, 0);
  const parts = (end - first + part - 1) / part;
  store<i32>(FIRST, first);
  store<i32>(END, end);
  store<i32>(PART, part);
  atomic.store<i32>(DONE, 0);
  const round = atomic.load<i32>(ROUND) + 1;
  atomic.store<i64>(TICKET, (<i64>round << 32) | parts);
  atomic.notify(ROUND, -1);
  help(round, 0);
  while (atomic.load<i32>(DONE) != parts) {}
}

/** Takes parts of a round until there is none. */
function help(round: i32, thread: i32): void {
  for (;;) {
    const ticket = atomic.load<i64>(TICKET);
    const left = <i32>ticket;
    if (<i32>(ticket >> 32) != round || left == 0) return;
    // Who takes a part holds the round up: its arguments stay as they are until the part is done.
    if (atomic.cmpxchg<i64>(TICKET, ticket, ticket - 1) != ticket) continue;
    const part = load<i32>(PART);
    const first = load<i32>(FIRST) + (left - 1) * part;
    run(first, min(first + part, load<i32>(END)), thread);
    atomic.add<i32>(DONE, 1);
  }
}

/** Helps in every round until {@link stop}: what a thread does as long as it lives. */
export function work(thread: i32): void {
  let round = 0;
  while (!atomic.load<i32>(STOP)) {
    let now = atomic.load<i32>(ROUND);
    for (let looks = 0; now == round && looks < LOOKS; looks++) now = atomic.load<i32>(ROUND);
    if (now == round) {
      atomic.wait<i32>(ROUND, round, -1);
      continue;
    }
    round = now;
    help(round, thread);
  }
}

/** Ends all threads. */
export function stop(): void {
  atomic.store<i32>(STOP, 1);
  atomic.store<i32>(ROUND, atomic.load<i32>(ROUND) + 1);
  atomic.notify(ROUND, -1);
}
