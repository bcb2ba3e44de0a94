/** A style sheet that a lazy part of the page brings along. */
declare module '*.css';
