import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts/texts.ts';

interface Props<Properties> {
  /** The component, which is the same function in every render. */
  load: () => Promise<ComponentType<Properties>>;
  properties: Properties;
  /** The element that stands for the part while it loads. */
  as?: 'main' | 'section';
}

/** A part whose code loads when it is first shown, so that the page starts fast. */
export function Lazy<Properties extends object>({ load, properties, as: Place = 'main' }: Props<Properties>) {
  const [View, setView] = useState<ComponentType<Properties>>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (view) => setView(() => view),
      () => setFailed(true),
    );
  }, [load]);
  if (failed) return <Place class="notice">{texts.value.partMissing}</Place>;
  return View ? <View {...properties} /> : <Place />;
}
