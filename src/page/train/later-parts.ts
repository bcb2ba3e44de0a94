import { signal } from '@preact/signals';
import { loadPointKit } from '../settings/plane-data.ts';

type Parts = typeof import('./later.ts');

/** The parts of the view that come later, once they are there. */
export const laterParts = signal<Parts | undefined>(undefined);
export const laterMissing = signal(false);

let asked = false;

/** Loads the parts when what the page shows now has been painted. */
export function loadLater(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      import('./later.ts').then(
        (parts) => {
          laterParts.value = parts;
          // A person may choose other points next.
          loadPointKit().catch(() => {});
        },
        () => {
          laterMissing.value = true;
        },
      ),
    ),
  );
}
