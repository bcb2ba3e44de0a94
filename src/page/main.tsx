import { render } from 'preact';
import { App } from './app.tsx';
import { Session } from './session.ts';

const place = document.getElementById('app');
if (place) render(<App session={new Session()} />, place);
