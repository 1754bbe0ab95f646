declare module 'virtual:colours.css'
declare module '*.css'
