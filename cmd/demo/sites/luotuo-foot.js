// the foot of every page
document.getElementById("foot").innerHTML =
  '<p>宁夏骆驼泉文化旅游有限公司　地址：宁夏中卫市沙坡头区迎水桥镇鸣沙村 18 号　电话：0955-5550 218</p>' +
  '<p>&copy; 2019-2026 骆驼泉民宿 <a href="https://beian.miit.gov.cn/" target="_blank">宁ICP备2020871936号-1</a></p>';
