import { useEffect, useRef, useState } from 'preact/hooks';
import type { Session } from '../../session/session.ts';

/**
 * What the present network gives for a row, again whenever the row or the network changes: one question
 * at a time, so that a slow network is not asked in vain. Undefined without a row or a network.
 */
export function useOutputs(session: Session, inputs: Float32Array | undefined): Float32Array | undefined {
  const [outputs, setOutputs] = useState<Float32Array>();
  const wanted = useRef<Float32Array | undefined>(undefined);
  const busy = useRef(false);
  const { latest, status } = session.run.value;
  useEffect(() => {
    wanted.current = inputs;
    if (!inputs) setOutputs(undefined);
    else if (!busy.current) ask();
    async function ask() {
      busy.current = true;
      while (wanted.current) {
        const asked = wanted.current;
        wanted.current = undefined;
        const answer = await session.ask({ what: 'outputs', inputs: asked });
        setOutputs(answer?.outputs);
      }
      busy.current = false;
    }
  }, [inputs, latest?.step, status]);
  return inputs && outputs;
}
