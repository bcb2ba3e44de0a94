import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { texts } from './texts/texts.ts';

interface Props<Properties> {
  /** The same function every time. */
  load: () => Promise<ComponentType<Properties>>;
  properties: Properties;
}

/** A part of the page whose code comes when it is first shown, so that the page itself starts fast. */
export function Lazy<Properties extends object>({ load, properties }: Props<Properties>) {
  const [Part, setPart] = useState<ComponentType<Properties>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (part) => setPart(() => part),
      () => setFailed(true),
    );
  }, [load]);
  if (failed) return <main class="notice">{texts.value.partMissing}</main>;
  return Part ? <Part {...properties} /> : <main />;
}
