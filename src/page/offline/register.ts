declare global {
  interface ImportMeta {
    /** What Vite writes into the page. */
    readonly env: { readonly PROD: boolean };
  }
}

/** Lets later visits do without a network, where the browser allows it. */
export function keepForOffline(): void {
  // `npm start` shows every file as it is now.
  if (!import.meta.env.PROD) return;
  // After everything that the page needs to start.
  addEventListener('load', () => {
    // Absent where the connection is not secure; refused in some private windows. The page then
    // needs its network.
    navigator.serviceWorker?.register('service-worker.js').catch(() => undefined);
  });
}
