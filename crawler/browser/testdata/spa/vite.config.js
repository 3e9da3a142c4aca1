import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'

export default {
  plugins: [vue()],
  build: {
    rollupOptions: {
      input: ['linked', 'unlinked', 'hidden'].map(page => resolve(import.meta.dirname, page, 'index.html')),
    },
  },
}
