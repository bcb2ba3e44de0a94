import type { Session } from '../session/session.ts';
import type { Taken } from './pictures/picture.ts';

/** What each part of the dialog gets. */
export interface TabProps {
  session: Session;
  taken: Taken;
  onDownload: (name: string, contents: BlobPart, type: string) => void;
  /** Tells in a sentence what has been done. */
  onDone: (sentence: string) => void;
}
