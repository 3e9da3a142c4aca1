import { createApp } from 'vue'
import { createRouter, createWebHistory } from 'vue-router'
import App from './App.vue'
import Home from './Home.vue'

// start mounts the site with the foot that it is given.
export function start(foot) {
  const router = createRouter({
    history: createWebHistory(),
    routes: [
      { path: '/', component: Home },
      { path: '/about', component: () => import('./About.vue') },
    ],
  })
  createApp(App, { foot }).use(router).mount('#app')
}
