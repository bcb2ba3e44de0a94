/** The clock that work is paced by. Bound once: who replaces the tuner's clock leaves this one alone. */
export const now = performance.now.bind(performance);
