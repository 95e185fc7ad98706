export { startView, type View, type ViewOptions } from './server.js';
