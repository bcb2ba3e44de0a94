import { serve } from './client.ts';

await serve(location.origin, 'Firefox');
