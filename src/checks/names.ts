/**
 * The names that other libraries and the notes use for an option, in lower case without
 * punctuation.
 */
export type Synonyms = { [option: string]: readonly string[] };

/** The length of the shortest name that is searched for inside another name. */
const PART = 4;

/**
 * The option that a wrong name probably means: as {@link similarName}, else an option whose name
 * contains the wrong name or is contained in it. Undefined if no option in `names` matches.
 */
export function suggestedName(
  name: string,
  names: readonly string[],
  synonyms: Synonyms,
): string | undefined {
  const word = plain(name);
  return (
    similarName(name, names, synonyms) ??
    names.find((option) => holds(word, plain(option)) || holds(plain(option), word))
  );
}

/**
 * The option with the same letters and digits as a name, else with a similar spelling, else with
 * this synonym. Undefined if no option in `names` matches.
 */
export function similarName(name: string, names: readonly string[], synonyms: Synonyms): string | undefined {
  const word = plain(name);
  return (
    names.find((option) => plain(option) === word) ??
    names.find((option) => resembles(word, plain(option))) ??
    names.find((option) => synonyms[option]?.includes(word))
  );
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const holds = (word: string, part: string) => part.length >= PART && word.includes(part);

/**
 * Whether two words differ only in one added, removed or replaced letter, or in the order of their
 * letters.
 */
function resembles(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < PART || Math.abs(a.length - b.length) > 1) return false;
  if (a.length === b.length && [...a].sort().join() === [...b].sort().join()) return true;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return restA.slice(1) === restB || restA === restB.slice(1) || restA.slice(1) === restB.slice(1);
}
